package io.millrace.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Whether another job writes under the id of this one. Two that do fence each other's producers:
 * both restart again and again, and what one had committed is lost. Seen are the transactions that
 * a job begins while it is looked at; one that has nothing to write for so long is not.
 */
final class OtherJobs {
  /** Beyond the other's checkpoint interval, within which a job that writes begins transactions. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  /** However long checkpoints are apart. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private OtherJobs() {}

  /**
   * Looks for transactions of a job's id. Those that nobody adds to are what a job that was killed
   * has left; only while there are such this takes longer than a question.
   *
   * @param interval between checkpoints
   * @return the id of a transaction that was begun meanwhile; null: none was
   */
  static String transactionOf(Admin admin, String id, Duration interval)
      throws ExecutionException, InterruptedException {
    Map<String, Long> before = open(admin, id + "/");
    Duration watched = interval.plus(MARGIN);
    Duration limit = watched.compareTo(LONGEST) < 0 ? watched : LONGEST;
    long deadline = System.nanoTime() + limit.toNanos();
    Map<String, Long> now = before;
    while (!now.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE.toNanos());
      now = open(admin, id + "/");
      for (Map.Entry<String, Long> transaction : now.entrySet()) {
        if (!transaction.getValue().equals(before.get(transaction.getKey()))) {
          return transaction.getKey();
        }
      }
    }
    return null;
  }

  /** Open transactions whose ids begin so, with the time of their beginning. */
  private static Map<String, Long> open(Admin admin, String prefix)
      throws ExecutionException, InterruptedException {
    ListTransactionsOptions ongoing =
        new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING));
    List<String> ids =
        admin.listTransactions(ongoing).all().get().stream()
            .map(TransactionListing::transactionalId)
            .filter(id -> id.startsWith(prefix))
            .toList();
    Map<String, Long> open = new HashMap<>();
    for (Map.Entry<String, TransactionDescription> e :
        admin.describeTransactions(ids).all().get().entrySet()) {
      // One that has been ended since it was listed has no beginning.
      e.getValue().transactionStartTimeMs().ifPresent(time -> open.put(e.getKey(), time));
    }
    return open;
  }
}
