// SPDX-License-Identifier: BSD-3-Clause
//
// Node: worker threads with messages and shared memory, the thread pool of libuv, children.
const { Worker, isMainThread, parentPort, workerData, threadId } = require('worker_threads');
const { execFileSync, spawn } = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const zlib = require('zlib');

if (isMainThread) {
	const shared = new Int32Array(new SharedArrayBuffer(8));
	const workers = [1, 2, 3, 4].map((n) => new Promise((resolve, reject) => {
		const worker = new Worker(__filename, { workerData: { n, shared } });
		let got;
		worker.on('message', (m) => { got = m; });
		worker.on('error', (e) => { got = 'threw ' + e.message; });
		worker.on('exit', (code) => resolve([got, code]));
	}));
	const hashes = [1, 2, 3, 4, 5, 6].map((n) => new Promise((resolve) =>
		crypto.pbkdf2('secret', 'salt' + n, 2000, 16, 'sha256', (e, key) => resolve(key.toString('hex')))));
	const files = [1, 2, 3, 4, 5, 6].map((n) => fs.promises.writeFile('result/' + n, 'x'.repeat(n * 10000)));
	const packed = new Promise((resolve) => zlib.gzip(Buffer.alloc(1 << 20, 'abc'), (e, b) => resolve(zlib.gunzipSync(b).length)));
	Promise.all([Promise.all(workers), Promise.all(hashes), Promise.all(files), packed]).then((all) => {
		console.log(JSON.stringify(all), shared[0]);
		console.log(execFileSync('/bin/sh', ['-c', 'echo child']).toString());
		const child = spawn('/bin/sh', ['-c', 'kill -TERM $$']);
		child.on('exit', (code, signal) => {
			console.log(code, signal);
			process.exit(3);
		});
	});
} else {
	for (let i = 0; i < 1000; i++)
		Atomics.add(workerData.shared, 0, workerData.n);
	Atomics.wait(workerData.shared, 1, 0, 5);
	if (workerData.n === 3)
		throw new Error('three');
	parentPort.postMessage(workerData.n * 10);
	if (workerData.n === 4)
		process.exit(9);
}
