/**
 * Everything in the page that is not of its own making, by what it is: elements that load, run or lead away, handlers in
 * attributes, addresses outside of the page. Runs in the page (`page.evaluate`), and so uses nothing from without. From the first
 * call on, what comes and goes between two calls is found as well.
 */
export function foreignParts(host: string): string[] {
  const ofElement = (element: Element): string[] => {
    const name = element.localName
    const isPagesScript = name === 'script' && element.getAttribute('src')?.startsWith('./assets/') === true
    const isForeign =
      /^(?:script|iframe|object|embed|base|meta|link|style|template|video|audio|math|animate|img)$/.test(name)
    return [
      ...(isForeign && !isPagesScript ? [element.outerHTML] : []),
      ...[...element.attributes].flatMap((attribute) => {
        const isAddress = ['src', 'href', 'data'].includes(attribute.name)
        const isWithin =
          (attribute.value.startsWith('#/') || isPagesScript) && !attribute.value.startsWith(`//${host}`)
        return attribute.name.startsWith('on') || (isAddress && !isWithin)
          ? [`${name} ${attribute.name}=${attribute.value}`]
          : []
      }),
    ]
  }
  const within = (root: Element) => [root, ...root.querySelectorAll('*')].flatMap(ofElement)
  const page = window as typeof window & { __passing?: string[]; __ran?: unknown }
  if (page.__passing === undefined) {
    const passing: string[] = []
    page.__passing = passing
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes)
        for (const node of [target, ...addedNodes])
          if (node instanceof Element) passing.push(...(node === target ? ofElement(node) : within(node)))
    }).observe(document.body, { subtree: true, childList: true, attributes: true })
  }
  return [
    ...within(document.body),
    ...page.__passing.splice(0),
    ...(page.__ran === undefined ? [] : ['a script has run']),
  ]
}
