package io.millrace.jobs;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/**
 * What a failure of a Kafka client means to whoever has to mend it: a wrong password, a missing
 * right and a broker that is not there need three different things done.
 */
public final class KafkaReply {
  private static final int CONNECT_MILLIS = 1_000;

  private KafkaReply() {}

  /**
   * One sentence: what happened, and what to do.
   *
   * @param servers {@code host:port,...}
   * @param settings of the client
   * @param failure that it ended with
   */
  public static String explain(String servers, Map<String, ?> settings, Throwable failure) {
    String kafka = "Kafka at " + servers;
    Throwable cause = cause(failure);
    String said = " (" + cause.getMessage() + ")";
    if (cause instanceof AuthenticationException) {
      return kafka
          + " does not take the credentials"
          + said
          + "; mend user, password or certificate in the Kafka properties";
    }
    if (cause instanceof AuthorizationException) {
      return kafka + " does not allow it" + said + "; give the user the right";
    }
    if (cause instanceof ConfigException) {
      return kafka + " cannot be asked" + said + "; mend the address or the Kafka properties";
    }
    if (isSilence(cause)) {
      return kafka
          + " does not answer"
          + said
          + "; start it or name another"
          + (settings.containsKey("security.protocol")
              ? ", and see that security.protocol is that of the listener"
              : ", or set security.protocol in the Kafka properties if the listener wants TLS or"
                  + " SASL");
    }
    return failure instanceof KafkaException && !(failure instanceof ApiException)
        ? kafka + " cannot be asked (" + cause + "); mend the Kafka properties"
        : kafka + " refused (" + cause + ")";
  }

  /** Whether nobody has answered at all. */
  static boolean isSilence(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof TimeoutException
        || cause instanceof DisconnectException
        || cause instanceof java.util.concurrent.TimeoutException;
  }

  /**
   * Whether a connection is taken at one of the addresses, or may be: only an answer that nobody
   * listens is a no.
   *
   * @param servers {@code host:port,...}
   */
  static boolean isListening(String servers) {
    for (String server : servers.split(",")) {
      String host = Utils.getHost(server.strip());
      Integer port = Utils.getPort(server.strip());
      if (host == null || port == null) {
        return true;
      }
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        return true;
      } catch (ConnectException e) {
        // Refused: the next may take it.
      } catch (IOException | IllegalArgumentException e) {
        return true;
      }
    }
    return false;
  }

  /** Whether the address names no host that is known here. */
  static boolean isNoAddress(Throwable failure) {
    return cause(failure) instanceof ConfigException;
  }

  /** What the client's wrappers are around; a client that could not be made tells why below. */
  private static Throwable cause(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null
        && (t instanceof ExecutionException || t.getClass() == KafkaException.class)) {
      t = t.getCause();
    }
    return t;
  }
}
