package io.millrace.schemas;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * The generated classes by the names of their schemas, a table that is complete from the start.
 *
 * <p>Avro's own way is to load a class by the name that a schema holds, wherever that schema came
 * from; it therefore loads only what system properties of the JVM call trusted, and whoever reads
 * our records would have to set them. Here every class is one of this package, and no name from
 * outside is looked up, so no property is needed.
 */
final class RecordClasses extends SpecificData {
  /** Over every record of {@link RecordKind} and what they are made of. */
  static final RecordClasses ALL = new RecordClasses();

  private final Map<String, Class<?>> classes = new HashMap<>();

  private RecordClasses() {
    super(RecordKind.class.getClassLoader());
    for (RecordKind kind : RecordKind.values()) {
      SpecificData.getForClass(kind.type())
          .getConversions()
          .forEach(this::addLogicalTypeConversion);
      add(kind.schema());
    }
  }

  private void add(Schema schema) {
    switch (schema.getType()) {
      case RECORD -> {
        if (addNamed(schema)) {
          schema.getFields().forEach(field -> add(field.schema()));
        }
      }
      case ENUM, FIXED -> addNamed(schema);
      case ARRAY -> add(schema.getElementType());
      case MAP -> add(schema.getValueType());
      case UNION -> schema.getTypes().forEach(this::add);
      default -> {
        // Numbers, text and bytes are no classes of ours.
      }
    }
  }

  /** Whether the name is new. */
  private boolean addNamed(Schema schema) {
    String name = schema.getFullName();
    if (classes.containsKey(name)) {
      return false;
    }
    try {
      classes.put(name, Class.forName(getClassName(schema), false, getClassLoader()));
      return true;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("'" + name + "' has no generated class beside RecordKind", e);
    }
  }

  @Override
  @SuppressWarnings("rawtypes") // as the method that it takes the place of
  public Class getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> classes.get(schema.getFullName());
      default -> super.getClass(schema);
    };
  }
}
