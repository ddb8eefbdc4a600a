// Stands in for react-style-singleton, which GraphiQL's dialogs use to write a <style> element that keeps
// the page behind them from scrolling. This page never scrolls, and its policy permits no such element.

export const styleSingleton = () => () => null;
