package io.millrace.operators.ingress;

import io.millrace.state.RoutedEventSerializer;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink how a {@link RoutedEvent} is written. */
public final class RoutedEventTypeInfo extends TypeInformation<RoutedEvent> {
  private static final long serialVersionUID = 1L;

  /** There is nothing to configure. */
  public static final RoutedEventTypeInfo INSTANCE = new RoutedEventTypeInfo();

  private RoutedEventTypeInfo() {}

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<RoutedEvent> getTypeClass() {
    return RoutedEvent.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<RoutedEvent> createSerializer(SerializerConfig config) {
    return new RoutedEventSerializer();
  }

  @Override
  public String toString() {
    return "RoutedEvent";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoutedEventTypeInfo;
  }

  @Override
  public int hashCode() {
    return RoutedEventTypeInfo.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof RoutedEventTypeInfo;
  }
}
