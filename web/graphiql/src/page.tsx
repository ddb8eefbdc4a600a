import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { Bar } from "./bar";
import { makeFetcher } from "./fetcher";
import "./page.css";
import { FIRST_QUERY } from "./query";
import { storedToken, storeToken, takeTokenFromFragment } from "./token";
import { storedLanguage, storeLanguage, type Standing } from "./words";

function Page() {
  const [language, setLanguage] = useState(storedLanguage);
  const [token, setToken] = useState(storedToken);
  const [standing, setStanding] = useState<Standing>("unknown");

  // A new fetcher makes GraphiQL read the schema again, with the new token.
  const fetcher = useMemo(() => {
    let isCurrent = true;
    const onStanding = (found: Standing) => {
      if (isCurrent) setStanding(found);
    };
    return { fetch: makeFetcher(token, onStanding), retire: () => (isCurrent = false) };
  }, [token]);
  useEffect(() => () => void fetcher.retire(), [fetcher]);

  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  }, [language]);

  // A sign-in link opened in a tab that already shows this page changes the fragment and loads nothing.
  useEffect(() => {
    const onFragment = () => {
      if (takeTokenFromFragment()) setToken(storedToken());
    };
    addEventListener("hashchange", onFragment);
    return () => removeEventListener("hashchange", onFragment);
  }, []);

  return (
    <>
      <Bar
        language={language}
        token={token}
        standing={standing}
        onLanguage={(chosen) => {
          storeLanguage(chosen);
          setLanguage(chosen);
        }}
        onToken={(given) => {
          storeToken(given);
          setStanding("unknown");
          setToken(given);
        }}
      />
      <main>
        <GraphiQL
          fetcher={fetcher.fetch}
          defaultQuery={FIRST_QUERY}
          shouldPersistHeaders={false}
          // GraphiQL shows a refused schema request where results stand, and leaves it there: signing in
          // empties the place.
          {...(standing === "signed-in" && { response: "" })}
        />
      </main>
    </>
  );
}

takeTokenFromFragment();
const root = document.getElementById("page");
if (root) createRoot(root).render(<Page />);
