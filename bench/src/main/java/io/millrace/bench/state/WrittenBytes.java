package io.millrace.bench.state;

import java.util.Collection;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.state.rocksdb.ConfigurableRocksDBOptionsFactory;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/** Counts the bytes of keys and values that the RocksDB instances of this process are given. */
public final class WrittenBytes implements ConfigurableRocksDBOptionsFactory {
  private static final long serialVersionUID = 1;
  private static volatile Statistics statistics;

  /** For Flink. */
  public WrittenBytes() {}

  /** Bytes so far of the instance opened last. */
  static long total() {
    return statistics.getTickerCount(TickerType.BYTES_WRITTEN);
  }

  @Override
  public RocksDBOptionsFactory configure(ReadableConfig configuration) {
    return this;
  }

  @Override
  public DBOptions createDBOptions(DBOptions current, Collection<AutoCloseable> handles) {
    Statistics s = new Statistics();
    handles.add(s);
    statistics = s;
    return current.setStatistics(s);
  }

  @Override
  public ColumnFamilyOptions createColumnOptions(
      ColumnFamilyOptions current, Collection<AutoCloseable> handles) {
    return current;
  }
}
