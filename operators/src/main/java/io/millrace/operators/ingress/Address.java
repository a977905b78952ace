package io.millrace.operators.ingress;

/**
 * Where an event came from. Prints as {@code events-3@10442}, and as {@code events-3@10442[7]} for
 * an item of a batch: what every message about an event begins with.
 *
 * @param topic name, which need not be one of the job's topics any more
 * @param index position in a batch; -1: the whole record
 */
public record Address(String topic, int partition, long offset, int index) {
  @Override
  public String toString() {
    return Fault.address(topic, partition, offset, index);
  }
}
