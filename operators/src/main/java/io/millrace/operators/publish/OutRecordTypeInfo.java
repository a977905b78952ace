package io.millrace.operators.publish;

import io.millrace.state.OutRecordSerializer;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink type of {@link OutRecord}. */
public final class OutRecordTypeInfo extends TypeInformation<OutRecord> {
  public static final OutRecordTypeInfo INSTANCE = new OutRecordTypeInfo();

  private OutRecordTypeInfo() {}

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
  public Class<OutRecord> getTypeClass() {
    return OutRecord.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<OutRecord> createSerializer(SerializerConfig config) {
    return OutRecordSerializer.INSTANCE;
  }

  @Override
  public String toString() {
    return "OutRecord";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutRecordTypeInfo;
  }

  @Override
  public int hashCode() {
    return OutRecordTypeInfo.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof OutRecordTypeInfo;
  }
}
