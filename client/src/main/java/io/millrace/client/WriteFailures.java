package io.millrace.client;

/** Sends that failed since the last report; filled by the producer's thread. */
final class WriteFailures {
  private long acknowledged;
  private long count;
  private String where;
  private Exception first;

  synchronized void done(String topic, Exception e) {
    if (e == null) {
      acknowledged++;
    } else if (count++ == 0) {
      first = e;
      where = topic;
    }
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized void surface() {
    if (count > 0) {
      EventWriteException e =
          new EventWriteException(
              count,
              count
                  + " records were not written, the first to '"
                  + where
                  + "': "
                  + first.getMessage()
                  + "; send them again",
              first);
      count = 0;
      first = null;
      throw e;
    }
  }
}
