package io.millrace.operators.handler;

import java.io.Serializable;

/** Makes a stage's handler where it runs. */
@FunctionalInterface
public interface HandlerFactory extends Serializable {
  /** A handler for one subtask. */
  KeyHandler create(StageContext stage);
}
