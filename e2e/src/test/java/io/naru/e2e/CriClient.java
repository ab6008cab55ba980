package io.naru.e2e;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Calls a runtime as kubelet does: the sandboxes of Kubernetes' Container Runtime Interface,
 * runtime.v1 (api.proto of cri-api, from which the numbers of fields are).
 */
final class CriClient implements AutoCloseable {
  private static final int LONGEST_SECONDS = 90;
  private static final int READY = 0;

  private final EventLoopGroup group = new EpollEventLoopGroup(1);
  private final ManagedChannel channel;

  /**
   * A pod's sandbox.
   *
   * @param attempt how many there were for this pod before
   * @param ready whether its first process runs
   */
  record Sandbox(String id, String pod, int attempt, boolean ready) {}

  CriClient(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(group)
            .channelType(EpollDomainSocketChannel.class)
            .withOption(ChannelOption.SO_KEEPALIVE, null) // unix sockets have no such option
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  /**
   * Makes a sandbox and waits until it runs.
   *
   * @param attempt how many there were for this pod before
   * @return its id
   */
  String run(String pod, int attempt, String controlGroup) {
    WireMessage metadata =
        new WireMessage().with(1, pod).with(2, pod + "-uid").with(3, "default").with(4, attempt);
    WireMessage configuration =
        new WireMessage()
            .with(1, metadata)
            .with(2, pod)
            .with(8, new WireMessage().with(1, controlGroup));
    return call("RunPodSandbox", new WireMessage().with(1, configuration)).text(1);
  }

  /** Ends a sandbox; kubelet calls it as often as it likes. */
  void stop(String id) {
    call("StopPodSandbox", new WireMessage().with(1, id));
  }

  void remove(String id) {
    call("RemovePodSandbox", new WireMessage().with(1, id));
  }

  List<Sandbox> sandboxes() {
    return call("ListPodSandbox", new WireMessage()).messages(1).stream()
        .map(
            item ->
                new Sandbox(
                    item.text(1),
                    item.message(2).text(1),
                    (int) item.message(2).integer(4),
                    item.integer(3) == READY))
        .toList();
  }

  String address(String id) {
    return status(id).message(1).message(5).text(1);
  }

  /** What the runtime itself tells of a sandbox: a JSON object, containerd's own. */
  String details(String id) {
    return status(id).messages(2).stream()
        .filter(entry -> entry.text(1).equals("info"))
        .findFirst()
        .orElseThrow()
        .text(2);
  }

  private WireMessage status(String id) {
    return call("PodSandboxStatus", new WireMessage().with(1, id).with(2, 1));
  }

  private WireMessage call(String method, WireMessage request) {
    try {
      return ClientCalls.blockingUnaryCall(
          channel,
          MethodDescriptor.newBuilder(Encoding.ONLY, Encoding.ONLY)
              .setType(MethodType.UNARY)
              .setFullMethodName("runtime.v1.RuntimeService/" + method)
              .build(),
          CallOptions.DEFAULT.withDeadlineAfter(LONGEST_SECONDS, TimeUnit.SECONDS),
          request);
    } catch (StatusRuntimeException refused) {
      throw new AssertionError(method + ": " + refused.getStatus(), refused);
    }
  }

  private enum Encoding implements MethodDescriptor.Marshaller<WireMessage> {
    ONLY;

    @Override
    public InputStream stream(WireMessage message) {
      return new ByteArrayInputStream(message.encoded());
    }

    @Override
    public WireMessage parse(InputStream stream) {
      try {
        return WireMessage.decode(stream.readAllBytes());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
