// SPDX-License-Identifier: ISC
// usage: node peer_mobileconfig.js MODULE FILE [KEY CERT CA ALGORITHM]
// A profile a person by a package of npm, whose template and identifiers are
// its own; the UUIDs are given, so that it need not ask for random ones.  With
// a key it is signed.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const mobileconfig = require(process.argv[2]);

const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');

function uuid5(name) {
	const h = crypto.createHash('sha1').update(dns).update(name).digest();
	h[6] = (h[6] & 15) | 0x50;
	h[8] = (h[8] & 63) | 0x80;
	const t = h.toString('hex', 0, 16).toUpperCase();
	return [t.slice(0, 8), t.slice(8, 12), t.slice(12, 16),
		t.slice(16, 20), t.slice(20)].join('-');
}

function identifier(address) {
	const at = address.lastIndexOf('@');
	return address.slice(at + 1).split('.').reverse().join('.') +
		'.mailcfg.' + address.slice(0, at).replace(/[^a-z0-9-]/g,
			c => '_' + c.charCodeAt(0).toString(16));
}

// no field of ours holds a line's end
function split(line) {
	if (!line.includes('"'))
		return line.split(',');
	const all = [];
	for (const m of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
		all.push(m[1] === undefined ? m[2] : m[1].replace(/""/g, '"'));
	return all;
}

let keys;
if (process.argv.length > 4) {
	const [key, cert, ca] = process.argv.slice(4, 7).map(
		name => fs.readFileSync(name, 'utf8'));
	keys = {key, cert, ca, hashAlg: 'sha256', sigAlg: process.argv[7],
		signingTime: true};
}

// It calls back when it likes, but has done the work by then.
function signed(options) {
	let data;
	mobileconfig.getSignedEmailConfig({...options, keys}, (err, der) => {
		if (err)
			throw err;
		fs.writeSync(1, der);
	});
}

const lines = fs.readFileSync(process.argv[3], 'utf8').split('\n');
let out = [];
for (let i = 1; i < lines.length; i++) {
	if (lines[i] === '')
		continue;
	const r = split(lines[i]);
	const id = identifier(r[0]);
	const options = {
		emailAddress: r[0],
		identifier: id,
		displayName: r[0],
		displayDescription: 'Sets up the mail account ' + r[0],
		accountName: r[0],
		accountDescription: r[0],
		emailAccountName: r[1],
		imap: {hostname: r[4], port: Number(r[5]), secure: true,
			username: r[2], password: r[3]},
		smtp: {hostname: r[6], port: Number(r[7]), secure: true,
			username: r[2], password: r[3]},
		plistUuid: uuid5(id),
		contentUuid: uuid5(id + '.mail'),
	};
	if (keys) {
		signed(options);
		continue;
	}
	out.push(mobileconfig.getEmailConfig(options));
	if (out.length === 64) {
		fs.writeSync(1, out.join(''));
		out = [];
	}
}
fs.writeSync(1, out.join(''));
