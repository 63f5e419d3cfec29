/** What who is not signed in sees in its place. */
export const signInHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in to the ingest service</title>
<link rel="stylesheet" href="/api/v1/page.css">
</head>
<body>
<main>
<h1>Ingest service</h1>
<p>Its ingestions are shown to whom they belong.</p>
<p><a href="/login">Sign in</a></p>
</main>
</body>
</html>
`;

/** The page for people: what the service is, and its ingestions as they go on. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ingest service</title>
<link rel="stylesheet" href="/api/v1/page.css">
<script src="/api/v1/page.js" defer></script>
</head>
<body>
<main>
<h1>Ingest service</h1>
<dl id="about" hidden></dl>
<p id="account" hidden></p>
<h2 id="jobs-title">Ingestions</h2>
<p id="news" role="status"></p>
<p id="none">None yet.</p>
<table aria-labelledby="jobs-title" role="table" hidden>
<thead role="rowgroup"><tr role="row">
<th scope="col" role="columnheader">Job</th><th scope="col" role="columnheader">What</th>
<th scope="col" role="columnheader">State</th><th scope="col" role="columnheader">Dataset and findings</th>
<th scope="col" role="columnheader">Actions</th>
</tr></thead>
<tbody role="rowgroup"></tbody>
</table>
</main>
</body>
</html>
`;
