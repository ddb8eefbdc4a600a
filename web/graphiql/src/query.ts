export const FIRST_QUERY = `# 先例 Precedent
#
# 运行 Run: Ctrl-Enter（Mac: ⌘-Enter）
# 补全 Complete: Ctrl-Space
# 文档 Reference: 左侧书本 the book on the left
#
# 五个案例：说了什么、何时说的、结果如何。
# Five cases: what was said, when,
# and what came of it.

query FiveCases {
  cases(first: 5) {
    totalCount
    edges {
      node {
        slug
        title
        primaryType {
          code
          label
        }
        statements {
          kind
          strategies {
            code
          }
          offsetHours
        }
        outcomeMetrics {
          metric {
            code
          }
          value
          unit
        }
      }
    }
  }
}
`;
