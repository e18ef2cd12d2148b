(function () {
	'use strict';
	var data = document.body.dataset, said = document.getElementById('said');
	function mark(code) {
		var range = document.createRange();
		range.selectNodeContents(code);
		getSelection().removeAllRanges();
		getSelection().addRange(range);
	}
	function copy(code, button) {
		function done() {
			button.textContent = said.textContent = data.copied;
			setTimeout(function () {
				button.textContent = data.copy;
				said.textContent = '';
			}, 2000);
		}
		function old() {
			mark(code);
			if (document.execCommand('copy'))
				done();
		}
		if (navigator.clipboard)
			navigator.clipboard.writeText(code.textContent).then(done, old);
		else
			old();
	}
	document.querySelectorAll('code').forEach(function (code) {
		var button = document.createElement('button');
		button.type = 'button';
		button.textContent = data.copy;
		button.setAttribute('aria-label', data.copy + ': ' + code.textContent);
		button.addEventListener('click', function () { copy(code, button); });
		code.after(' ', button);
	});
	function show() {
		var device = document.getElementById(location.hash.slice(1));
		if (device && device.localName === 'details')
			device.open = true;
	}
	addEventListener('hashchange', show);
	show();
}());
