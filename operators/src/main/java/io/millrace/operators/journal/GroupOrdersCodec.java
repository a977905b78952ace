package io.millrace.operators.journal;

import io.millrace.core.state.StateException;
import io.millrace.operators.ingress.Address;
import io.millrace.operators.journal.GroupOrders.Order;
import io.millrace.operators.journal.GroupOrders.Scope;
import io.millrace.operators.output.Evidence;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.Control;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.SingleObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@link GroupOrders} to bytes and back, in Avro's encoding:
 *
 * <pre>
 * int format | long taken, swept
 * int orders, of each: long number | int partition, copies of its scope
 *   | string topic, int partition, long offset, timestamp | int 0, or 1 and bytes: record key
 *   | bytes: the Control record | string name, long event time, as the job understands them
 * int scopes with counts, of each: int partition, copies | long count
 * int scopes with origins, of each: int partition, copies
 *   | int origins, of each: string, long sequence
 * </pre>
 */
public final class GroupOrdersCodec implements ByteCodec<GroupOrders> {
  private static final int FORMAT = 1;

  private final AvroSink sink = new AvroSink();

  @Override
  public int encode(GroupOrders g) {
    sink.clear().writeInt(FORMAT).writeLong(g.taken()).writeLong(g.swept());
    sink.writeInt(g.orders().size());
    g.orders().forEach(this::put);
    sink.writeInt(g.counts().size());
    g.counts().forEach((scope, n) -> put(scope).writeLong(n));
    sink.writeInt(g.origins().size());
    g.origins()
        .forEach(
            (scope, origins) -> {
              put(scope).writeInt(origins.last().size());
              origins.last().forEach((name, n) -> sink.writeString(name).writeLong(n));
            });
    return sink.size();
  }

  private AvroSink put(Scope scope) {
    return sink.writeInt(scope.partition()).writeInt(scope.copies());
  }

  private void put(Order o) {
    sink.writeLong(o.number());
    put(o.scope());
    Evidence e = o.evidence();
    sink.writeString(e.address().topic()).writeInt(e.address().partition());
    sink.writeLong(e.address().offset()).writeLong(e.timestamp());
    sink.writeInt(e.recordKey() == null ? 0 : 1);
    if (e.recordKey() != null) {
      sink.writeBytes(e.recordKey(), 0, e.recordKey().length);
    }
    sink.writeBytes(e.value(), 0, e.value().length).writeString(o.control().getName());
    sink.writeLong(o.control().getEventTime().toEpochMilli());
  }

  @Override
  public byte[] array() {
    return sink.array();
  }

  @Override
  public GroupOrders decode(byte[] bytes, int length) {
    AvroCursor c = new AvroCursor().reset(bytes, 0, length);
    int format = c.readInt();
    if (!c.failed() && format != FORMAT) {
      throw new StateException(
          "orders of a key group were written by format "
              + format
              + "; this build reads "
              + FORMAT
              + "; upgrade the job or restore an older savepoint");
    }
    long taken = c.readLong();
    long swept = c.readLong();
    List<Order> orders = new ArrayList<>();
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      orders.add(order(c));
    }
    Map<Scope, Long> counts = new TreeMap<>();
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      Scope scope = scope(c);
      counts.put(scope, c.readLong());
    }
    Map<Scope, Origins> origins = new TreeMap<>();
    for (int n = c.readInt(); n > 0 && !c.failed(); n--) {
      Origins of = new Origins(GroupOrders.ORIGINS);
      origins.put(scope(c), of);
      for (int m = c.readInt(); m > 0 && !c.failed(); m--) {
        String name = c.readString();
        of.put(name, c.readLong());
      }
    }
    if (c.failed()) {
      throw new StateException("orders of a key group make no sense; restore another savepoint");
    }
    return new GroupOrders(taken, swept, List.copyOf(orders), counts, origins);
  }

  private static Scope scope(AvroCursor c) {
    int partition = c.readInt();
    return new Scope(partition, c.readInt());
  }

  private static Order order(AvroCursor c) {
    long number = c.readLong();
    Scope scope = scope(c);
    String topic = c.readString();
    int partition = c.readInt();
    long offset = c.readLong();
    long timestamp = c.readLong();
    byte[] recordKey = c.readInt() == 0 ? null : c.readBytes();
    byte[] value = c.readBytes();
    Control control;
    try {
      control = SingleObject.standard().decode(Control.class, value);
    } catch (DecodeException e) {
      throw new StateException(
          "an order in state cannot be read (" + e.getMessage() + "); restore another savepoint",
          e);
    }
    control.setName(c.readString());
    control.setEventTime(Instant.ofEpochMilli(c.readLong()));
    Address address = new Address(topic, partition, offset, -1);
    return new Order(
        number, scope, control, new Evidence(address, timestamp, recordKey, ModelKeys.ALL, value));
  }
}
