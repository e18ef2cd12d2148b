<?php
// SPDX-License-Identifier: ISC
// A profile a person by PHP as a template: what stands between are <?= tags.
function identifier(string $address): string
{
	[$local, $domain] = explode('@', $address);
	return implode('.', array_reverse(explode('.', $domain))) .
		'.mailcfg.' . preg_replace_callback('/[^a-z0-9-]/',
			fn($m) => sprintf('_%02x', ord($m[0])), $local);
}

function uuid5(string $name): string
{
	$h = sha1("\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4" .
		"\x30\xc8" . $name);
	return strtoupper(sprintf('%s-%s-5%s-%x%s-%s', substr($h, 0, 8),
		substr($h, 8, 4), substr($h, 13, 3),
		hexdec($h[16]) & 3 | 8, substr($h, 17, 3), substr($h, 20, 12)));
}

function text(string $s): string
{
	return htmlspecialchars($s, ENT_NOQUOTES | ENT_XML1, 'UTF-8');
}

$skeleton = file_get_contents(__DIR__ . '/profile.in');
// the first line would begin PHP, and PHP eats a line's end behind a tag
$code = preg_replace(['/^<\?xml/', '/@([A-Z_]+)@/'],
	['<?= "<?xml" ?>', '<?= $v["$1"] ?>'], $skeleton);
$render = eval('return function (array $v) { ?>' . $code . '<?php };');
ob_start(null, 65536);
$f = fopen($argv[1], 'r');
fgetcsv($f, 0, ',', '"', '');
while (($r = fgetcsv($f, 0, ',', '"', '')) !== false) {
	$id = identifier($r[0]);
	$render(['ADDRESS' => text($r[0]), 'NAME' => text($r[1]),
		'LOGIN' => text($r[2]), 'PASSWORD' => text($r[3]),
		'IMAP_HOST' => text($r[4]), 'IMAP_PORT' => text($r[5]),
		'SMTP_HOST' => text($r[6]), 'SMTP_PORT' => text($r[7]),
		'IDENTIFIER' => $id, 'UUID' => uuid5($id),
		'MAIL_UUID' => uuid5($id . '.mail')]);
}
