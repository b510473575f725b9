/** Reporter of `npm test`: after each suite, how many of them are done and for how long it has run. */
export default class TestProgress {
  #started = Date.now();

  onTestResult(_test, _result, { numTotalTestSuites, numPassedTestSuites, numFailedTestSuites, numPendingTestSuites }) {
    const done = numPassedTestSuites + numFailedTestSuites + numPendingTestSuites;
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    const time = `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
    const failed = numFailedTestSuites > 0 ? `, ${numFailedTestSuites} failed` : '';
    process.stderr.write(`[${done} of ${numTotalTestSuites} suites${failed}, ${time}]\n`);
  }
}
