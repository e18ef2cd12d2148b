// SPDX-License-Identifier: ISC
// usage: node pages.js JOB, a JSON file: {npm, chromium, pages: [{file,
// values, guide, rtl, exactly, most}], shots}; the last two are of sheets
//
// Opens pages in a real Chromium: every width, light and dark, printed, with
// and without scripts.  Prints what is wrong, a line each.
'use strict';
const fs = require('fs');
const path = require('path');
const job = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const { createRequire } = require('module');
const load = createRequire(path.join(job.npm, 'package.json'));
const puppeteer = load('puppeteer-core');
const axe = fs.readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 768, 1440];
let faults = 0;
let checks = 0;

function wrong(where, what) {
	faults++;
	console.log(where + ': ' + what);
}

function want(is, where, what) {
	checks++;
	if (!is)
		wrong(where, what);
}

async function audit(page, where) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => axe.run(document, {
		resultTypes: ['violations'],
	}));
	for (const v of found.violations)
		if (v.impact === 'serious' || v.impact === 'critical')
			wrong(where, 'axe: ' + v.id + ': ' +
				v.nodes.slice(0, 3).map((n) => n.target + ' ' +
				n.failureSummary).join('; '));
	checks++;
}

async function open(browser, file, scheme, scripts) {
	const page = await browser.newPage();
	const asked = [];
	await page.setJavaScriptEnabled(scripts);
	page.on('request', (r) => asked.push(r.url()));
	page.on('pageerror', (e) => wrong(file, 'script: ' + e.message));
	page.on('console', (m) => wrong(file, 'console: ' + m.text()));
	await page.emulateMediaFeatures(
		[{ name: 'prefers-color-scheme', value: scheme }]);
	await page.goto('file://' + file, { waitUntil: 'load' });
	return [page, asked];
}

// Each width and scheme.
async function look(browser, one, scheme) {
	const [page, asked] = await open(browser, one.file, scheme, true);
	for (const width of WIDTHS) {
		const where = path.basename(one.file) + ' ' + scheme + ' ' + width;
		await page.setViewport({ width, height: 900 });
		await page.evaluate(() => document.querySelectorAll('details')
			.forEach((d) => { d.removeAttribute('name'); d.open = true; }));
		const wide = await page.evaluate(() =>
			document.documentElement.scrollWidth -
			document.documentElement.clientWidth);
		want(wide <= 0, where, 'scrolls sideways by ' + wide);
		const text = await page.evaluate(() => document.body.innerText);
		want(!/[{}]|undefined|null\b/.test(text), where, 'a hole in the text');
		// nothing sticks out of what it stands in, and codes are large
		const bad = await page.evaluate(() => {
			const wide = innerWidth, found = [];
			for (const e of document.querySelectorAll(
				'h1, h2, h3, p, li, dt, dd, th, td, code, summary, svg')) {
				const box = e.getBoundingClientRect();
				if (box.width > 0 && (box.left < 0 || box.right > wide + 1))
					found.push(e.localName + ' ' + e.textContent.slice(0, 30));
				if (e.localName === 'svg' && box.width > 0 && (box.width < 140 ||
					Math.abs(box.width - box.height) > 1))
					found.push('svg ' + box.width + 'x' + box.height);
			}
			return found;
		});
		want(bad.length === 0, where, bad.slice(0, 3).join('; '));
		for (const value of one.values)
			want(text.includes(value), where, 'no ' + value);
		if (width !== 768)
			await audit(page, where);
		if (job.shots)
			await page.screenshot({ fullPage: true,
				path: path.join(job.shots, path.basename(one.file,
					'.html') + '-' + scheme + '-' + width + '.png') });
	}
	want(asked.length === 1, one.file, 'asked for ' + asked.slice(1));
	await page.close();
}

// A value is copied by its button, which the keyboard reaches.
async function copies(browser, one) {
	const [page] = await open(browser, one.file, 'light', true);
	await browser.defaultBrowserContext().overridePermissions(
		'file://', ['clipboard-read', 'clipboard-write',
			'clipboard-sanitized-write']).catch(() => {});
	await page.bringToFront();
	for (const value of one.values) {
		await page.evaluate((v) => {
			const codes = [...document.querySelectorAll('#values code')];
			const code = codes.find((c) => c.textContent === v);
			window.copied = undefined;
			if (navigator.clipboard)
				navigator.clipboard.writeText = (t) => {
					window.copied = t;
					return Promise.resolve();
				};
			else
				document.execCommand = () => {
					window.copied = String(getSelection());
					return true;
				};
			if (code)
				code.parentNode.querySelector('button').focus();
			const b = code && code.nextElementSibling;
			if (b)
				b.focus();
		}, value);
		await page.keyboard.press('Enter');
		const copied = await page.evaluate(() => window.copied);
		want(copied === value, one.file,
			value + ' is copied as ' + copied);
	}
	await page.close();
}

// Every device opens by keyboard, and no script is needed.
async function keyboard(browser, one) {
	const [page] = await open(browser, one.file, 'light', false);
	await page.setViewport({ width: 768, height: 900 });
	const bare = await page.evaluate(() => document.querySelector('#values').innerText);
	for (const value of one.values)
		want(bare.includes(value), one.file, 'without a script: no ' + value);
	await page.keyboard.press('Tab');
	const reached = new Set();
	for (let i = 0; i < 400; i++) {
		await page.keyboard.press('Tab');
		const at = await page.evaluate(() => {
			const e = document.activeElement;
			if (e.localName !== 'summary')
				return e === document.body ? 'end' : '';
			const box = e.getBoundingClientRect();
			const outline = getComputedStyle(e).outlineStyle;
			return (e.parentNode.id || 'aside') + ' ' + outline + ' ' +
				(box.height >= 24);
		});
		if (at === 'end')
			break;
		if (at === '')
			continue;
		const [id, outline, large] = at.split(' ');
		want(outline !== 'none', one.file, id + ' shows no focus');
		want(large === 'true', one.file, id + ' is too small to be hit');
		reached.add(id);
		await page.keyboard.press('Enter');
		const isOpen = await page.evaluate(
			() => document.activeElement.parentNode.open);
		want(isOpen, one.file, id + ' does not open');
	}
	const ids = await page.evaluate(() =>
		[...document.querySelectorAll('#devices details')].map((d) => d.id));
	for (const id of ids)
		want(reached.has(id), one.file, 'the keyboard does not reach ' + id);
	await page.close();
}

// Printed, with each device open: how many sheets, and what is on them.
async function print(browser, one) {
	const [page] = await open(browser, one.file, 'dark', true);
	const ids = await page.evaluate(() =>
		[...document.querySelectorAll('#devices details')].map((d) => d.id));
	for (const id of [''].concat(ids)) {
		await page.evaluate((i) => document.querySelectorAll('details')
			.forEach((d) => { d.open = d.id === i; }), id);
		await page.emulateMediaType('print');
		const text = await page.evaluate(() => document.body.innerText);
		for (const value of one.values)
			want(text.includes(value), one.file, 'printed ' + id + ': no ' + value);
		await page.emulateMediaType(null);
		const name = job.shots && path.join(job.shots,
			path.basename(one.file, '.html') + '-print-' + (id || 'none') + '.pdf');
		const pdf = Buffer.from(await page.pdf(Object.assign(
			{ preferCSSPageSize: true, printBackground: true },
			name ? { path: name } : {})));
		const sheets = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
		const right = one.exactly ? sheets === one.exactly :
			sheets >= 1 && sheets <= (one.most || 2);
		want(right, one.file,
			'printed with ' + (id || 'no device') + ' open: ' + sheets + ' sheets');
	}
	await page.close();
}

// Written from the right: texts do, what is copied does not.
async function direction(browser, one) {
	const [page] = await open(browser, one.file, 'light', true);
	await page.setViewport({ width: 768, height: 900 });
	const seen = await page.evaluate(() => {
		document.querySelectorAll('details').forEach((d) => { d.open = true; });
		const at = (s) => document.querySelector(s).getBoundingClientRect();
		return {
			page: getComputedStyle(document.body).direction,
			code: getComputedStyle(document.querySelector('code')).direction,
			url: getComputedStyle(document.querySelector('a[href^=http]')).direction,
			heading: getComputedStyle(document.querySelector('h1')).textAlign,
			rows: at('#values th[scope="row"]').left > at('#values td code').left,
			lists: getComputedStyle(document.querySelector('ol')).paddingRight,
		};
	});
	want(seen.page === 'rtl' && seen.code === 'ltr' && seen.url === 'ltr' &&
		seen.rows &&
		seen.lists !== '0px' && /start|right/.test(seen.heading),
	one.file, JSON.stringify(seen));
	await page.close();
}

async function main() {
	const browser = await puppeteer.launch({
		executablePath: job.chromium,
		headless: true,
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
	for (const one of job.pages) {
		await look(browser, one, 'light');
		await look(browser, one, 'dark');
		if (one.rtl)
			await direction(browser, one);
		if (one.guide) {
			await copies(browser, one);
			await keyboard(browser, one);
		}
		await print(browser, one);
	}
	await browser.close();
	console.log(checks + ' checks, ' + faults + ' faults');
	process.exit(faults || checks < 20 ? 1 : 0);
}

main().catch((e) => {
	console.log(e.stack);
	process.exit(1);
});
