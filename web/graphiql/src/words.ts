// Every word the top bar says, in both languages. GraphiQL itself speaks English only.

export type Language = "zh" | "en";

export type Standing = "unknown" | "signed-in" | "signed-out" | "open" | "refused" | "unreachable";

interface Words {
  page: string;
  token: string;
  tokenHint: string;
  signIn: string;
  signOut: string;
  toggle: string;
  toggleHint: string;
  standing: (standing: Standing, tail: string) => string;
}

export const WORDS: Record<Language, Words> = {
  zh: {
    page: "GraphQL 查询台",
    token: "API 令牌",
    tokenHint: "只保存在本标签页",
    signIn: "登录",
    signOut: "退出",
    toggle: "English",
    toggleHint: "Switch this bar to English",
    standing: (standing, tail) =>
      ({
        unknown: "…",
        "signed-in": `已登录（令牌 …${tail}）`,
        "signed-out": "未登录",
        open: "未登录（匿名读取）",
        refused: "未登录：令牌无效或已过期",
        unreachable: "服务没有应答",
      })[standing],
  },
  en: {
    page: "GraphQL explorer",
    token: "API token",
    tokenHint: "Kept in this tab only",
    signIn: "Sign in",
    signOut: "Sign out",
    toggle: "中文",
    toggleHint: "把此栏切换为中文",
    standing: (standing, tail) =>
      ({
        unknown: "…",
        "signed-in": `Signed in (token …${tail})`,
        "signed-out": "Not signed in",
        open: "Not signed in (reading anonymously)",
        refused: "Not signed in: token unknown or expired",
        unreachable: "No answer from the service",
      })[standing],
  },
};

const KEY = "precedent.language";

export function storedLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (stored === "zh" || stored === "en") return stored;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
