package io.millrace.tests.ingress;

import static io.millrace.tests.ingress.BadInputs.DENSE;
import static io.millrace.tests.ingress.BadInputs.SPARSE;
import static io.millrace.tests.ingress.BadInputs.add;
import static io.millrace.tests.ingress.EventBytes.control;
import static io.millrace.tests.ingress.EventBytes.label;
import static io.millrace.tests.ingress.EventBytes.name;
import static io.millrace.tests.ingress.EventBytes.number;

import io.millrace.schemas.Reason;
import java.util.Arrays;
import java.util.List;

/** Labels and orders that cannot be used. */
final class BadSideInputs {
  private BadSideInputs() {}

  static void labels(List<BadInputs.Case> all) {
    add(
        all,
        "label without id",
        DENSE,
        label("", 0, name("UP"), null),
        Reason.MISSING_ID,
        "id is empty");
    add(
        all,
        "label of no class",
        DENSE,
        label("e1", 0, name("SIDE"), null),
        Reason.UNKNOWN_CLASS,
        "'SIDE'");
    add(
        all,
        "label before 1970",
        DENSE,
        label("e1", -1, name("UP"), null),
        Reason.BAD_EVENT_TIME,
        "eventTime = -1");
    add(
        all,
        "label infinite",
        SPARSE,
        label("e1", 0, number(Double.POSITIVE_INFINITY), null),
        Reason.NOT_FINITE,
        "label is Infinity");
    add(
        all,
        "label below 0",
        SPARSE,
        label("e1", 0, number(-3), null),
        Reason.BAD_LABEL,
        "label is -3.0");
    add(
        all,
        "label with bad weight",
        DENSE,
        label("e1", 0, name("UP"), -2.0),
        Reason.BAD_WEIGHT,
        "weight is -2.0");
    byte[] good = label("e1", 0, name("UP"), null);
    add(
        all,
        "label cut",
        DENSE,
        Arrays.copyOf(good, good.length - 1),
        Reason.MALFORMED,
        "Label.weight");
    add(
        all,
        "label and a byte",
        DENSE,
        Arrays.copyOf(good, good.length + 1),
        Reason.TRAILING_BYTES,
        "1 more follow");
  }

  static void controls(List<BadInputs.Case> all) {
    add(
        all,
        "unknown command",
        DENSE,
        control(0, "", 0),
        Reason.UNKNOWN_CONTROL,
        "command is UNKNOWN");
    add(all, "command 9", DENSE, control(9, "", 0), Reason.MALFORMED, "Control.command");
    add(
        all,
        "set without name",
        DENSE,
        control(1, "", 0),
        Reason.UNKNOWN_HYPERPARAMETER,
        "name is empty");
    add(
        all,
        "set to NaN",
        DENSE,
        control(1, "learning-rate", Double.NaN),
        Reason.BAD_HYPERPARAMETER,
        "learning-rate = NaN");
  }
}
