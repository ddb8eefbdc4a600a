import { useId, useState, type FormEvent } from "react";
import { WORDS, type Language, type Standing } from "./words";

interface BarProps {
  language: Language;
  token: string;
  standing: Standing;
  onLanguage: (language: Language) => void;
  onToken: (token: string) => void;
}

/** Who asks, and in which language: the strip above GraphiQL. */
export function Bar({ language, token, standing, onLanguage, onToken }: BarProps) {
  const words = WORDS[language];
  const field = useId();
  const [typed, setTyped] = useState("");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = typed.trim();
    if (!given) return;
    setTyped("");
    onToken(given);
  };

  return (
    <header className="bar">
      <h1>
        <span lang="zh-Hans">先例</span> Precedent <small>{words.page}</small>
      </h1>
      <p className="standing" role="status" data-standing={standing}>
        {words.standing(standing, token.slice(-4))}
      </p>
      <form onSubmit={submit}>
        <label htmlFor={field}>{words.token}</label>
        <input
          id={field}
          type="password"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={words.tokenHint}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        <button type="submit">{words.signIn}</button>
        {token && (
          <button type="button" onClick={() => onToken("")}>
            {words.signOut}
          </button>
        )}
      </form>
      <button
        type="button"
        className="language"
        lang={language === "zh" ? "en" : "zh-Hans"}
        title={words.toggleHint}
        onClick={() => onLanguage(language === "zh" ? "en" : "zh")}
      >
        {words.toggle}
      </button>
    </header>
  );
}
