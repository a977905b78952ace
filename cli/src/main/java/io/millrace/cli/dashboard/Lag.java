package io.millrace.cli.dashboard;

/**
 * How far a job is behind what it reads.
 *
 * @param known whether it could be found out
 * @param why it could not
 * @param records not read yet
 * @param oldest time of the oldest of them in milliseconds; 0: there is none, or it is not known
 * @param growing for how many milliseconds it has only grown
 * @param standing for how many milliseconds nothing was read though there is something to read
 */
record Lag(boolean known, String why, long records, long oldest, long growing, long standing) {
  static Lag unknown(String why) {
    return new Lag(false, why, 0, 0, 0, 0);
  }
}
