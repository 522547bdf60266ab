/** The plain page at `/`, for a person with a browser. `version` is our own and needs no escaping. */
export function homePage(version: string): string {
  return page(
    'RobbieVerse',
    `<p>RobbieVerse ${version} is running.</p>
<ul>
<li><a href="/openapi.json">/openapi.json</a>: what it can do over HTTP</li>
<li>/mcp: the same as tools, for editors and agents</li>
<li>/v1/events: what happens, as it happens</li>
<li><a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a>: how it is</li>
</ul>`,
  )
}

/** What a person sees who opens a sign-in link a second time. `reason` is one of our own messages. */
export function linkRefusedPage(reason: string): string {
  return page('This link does not work', `<p>${reason}</p>`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><h1>${title}</h1>
${body}
</body>
</html>
`
}
