// Runs in the page: search, filters and the lines of the graph. Without it everything is shown, and nothing is lost.
;(() => {
  const form = document.querySelector('form')
  if (form === null) return
  const search = document.querySelector('#search')
  const rule = document.querySelector('#rule')
  const told = document.querySelector('#told')
  const severities = [...document.querySelectorAll('input[name="severity"]')]
  const articles = [...document.querySelectorAll('article')].map((element) => ({
    element,
    title: element.querySelector('h3').textContent.toLowerCase(),
    findings: [...element.querySelectorAll('.findings > li')].map((item) => ({
      item,
      text: item.textContent.toLowerCase(),
      rule: item.dataset.rule,
      severity: item.dataset.severity,
    })),
  }))
  const total = articles.reduce((sum, { findings }) => sum + findings.length, 0)

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const wanted = new Set(severities.filter((box) => box.checked).map((box) => box.value))
    let shown = 0
    for (const { element, title, findings } of articles) {
      let own = 0
      for (const finding of findings) {
        const fits =
          wanted.has(finding.severity) &&
          (rule.value === '' || rule.value === finding.rule) &&
          words.every((word) => finding.text.includes(word) || title.includes(word))
        finding.item.hidden = !fits
        if (fits) own += 1
      }
      element.hidden = own === 0
      shown += own
    }
    told.textContent = shown === 0 ? 'No finding fits.' : `${shown} of ${total} findings`
  }

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    if (target.hidden) {
      form.reset()
      filter()
    }
    if (target.tagName === 'DETAILS') target.open = true
    target.scrollIntoView()
  }

  const light = (event) => {
    const node = event.target.closest('[data-node]')
    const svg = document.querySelector('svg')
    const isOn = node !== null && event.type !== 'focusout' && event.type !== 'mouseout'
    svg.classList.toggle('has-lit', isOn)
    for (const path of svg.querySelectorAll('path')) {
      const isOwn =
        isOn && (path.dataset.file === node.dataset.node || path.dataset.object === node.dataset.node)
      path.classList.toggle('is-lit', isOwn)
    }
  }

  form.hidden = false
  form.addEventListener('input', filter)
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('reset', () => setTimeout(filter))
  for (const type of ['focusin', 'focusout', 'mouseover', 'mouseout']) {
    document.querySelector('svg')?.addEventListener(type, light)
  }
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      search.focus()
    }
  })
  addEventListener('hashchange', openTarget)
  filter()
  openTarget()
})()
