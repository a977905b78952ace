package io.millrace.operators.shell;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A failure that no restart can mend, such as a savepoint that does not fit the job: Flink ends the
 * job with its reason instead of starting it again and again.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class StageFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure with its reason. */
  public StageFailure(String message) {
    super(message);
  }

  StageFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
