package io.millrace.cli.run;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.DefaultFullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.FullHttpResponse;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpServerCodec;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Makes Flink's web interface one to look at. Any page that a browser has open can send forms to a
 * port of this machine, and Flink takes jobs, and code with them, by a form; so whatever is not a
 * question (GET, HEAD) is refused, before anything of its body is read. A question must come under
 * a name of this machine: a page whose own name was made to lead here could read the answers.
 *
 * <p>Flink finds this class as a service and asks it for each connection; where {@link #ENABLED} is
 * not set it does nothing.
 */
public final class ReadOnlyWeb implements InboundChannelHandlerFactory {
  static final ConfigOption<Boolean> ENABLED =
      ConfigOptions.key("millrace.web.read-only").booleanType().defaultValue(false);

  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<HttpMethod> QUESTIONS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Optional<ChannelHandler> createHandler(
      Configuration configuration, Map<String, String> responseHeaders) {
    return configuration.get(ENABLED) ? Optional.of(new Placement()) : Optional.empty();
  }

  /** Flink adds handlers behind the one that stores uploads; the gate has to stand before it. */
  private static final class Placement extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      String codec = context.pipeline().context(HttpServerCodec.class).name();
      context.pipeline().addAfter(codec, "millrace-read-only", new Gate());
    }
  }

  private static final class Gate extends ChannelInboundHandlerAdapter {
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      String fault = message instanceof HttpRequest request ? fault(request) : null;
      if (fault == null && !refused) {
        context.fireChannelRead(message);
        return;
      }
      ReferenceCountUtil.release(message);
      if (!refused) { // what follows is the rest of the body, until the connection is closed
        refused = true;
        refuse(context, fault);
      }
    }

    private static String fault(HttpRequest request) {
      if (!QUESTIONS.contains(request.method())) {
        return "the web interface of this process is for looking only: "
            + request.method()
            + " is refused; Ctrl-C stops the job, and a cluster of your own takes orders";
      }
      String host = request.headers().get(HttpHeaderNames.HOST, "");
      String name = host.replaceFirst(":\\d*$", "");
      return NAMES.contains(name)
          ? null
          : "the web interface of this process answers to " + NAMES + " only, not to " + name;
    }

    private static void refuse(ChannelHandlerContext context, String fault) {
      FullHttpResponse answer =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.FORBIDDEN,
              Unpooled.copiedBuffer(fault + "\n", StandardCharsets.UTF_8));
      answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=UTF-8");
      answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
      context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
  }
}
