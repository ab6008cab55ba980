package io.naru.agent.node;

import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.NetlinkConversation;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A real kernel that also refuses what a test wants it to, as one under pressure would. */
final class RefusingKernel implements NetlinkConversation {
  private record Rule(Predicate<String> operation, Errno errno, long[] left) {}

  private static final List<Rule> NONE = List.of();

  private final NetlinkConversation kernel;
  private final List<Rule> rules;

  private RefusingKernel(NetlinkConversation kernel, List<Rule> rules) {
    this.kernel = kernel;
    this.rules = rules;
  }

  /** The refusals of a test, which may outlive an agent. */
  static final class Refusals {
    private final List<Rule> rules = new CopyOnWriteArrayList<>(NONE);

    NetlinkConversation before(NetlinkConversation kernel) {
      return new RefusingKernel(kernel, rules);
    }

    /** Operations are told as in the kernel's refusals: {@code "add the route 10.…"}. */
    void refuse(Predicate<String> operation, Errno errno, long times) {
      rules.add(new Rule(operation, errno, new long[] {times}));
    }
  }

  private Optional<KernelException> refusal(NetlinkRequest request) {
    for (Rule rule : rules) {
      synchronized (rule) {
        if (rule.left()[0] > 0 && rule.operation().test(request.operation())) {
          rule.left()[0]--;
          return Optional.of(new KernelException(request.operation(), rule.errno().number()));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Optional<KernelException>> execute(List<NetlinkRequest> requests) {
    List<Optional<KernelException>> results = new ArrayList<>();
    for (NetlinkRequest request : requests) {
      Optional<KernelException> refusal = refusal(request);
      results.add(refusal.isPresent() ? refusal : kernel.execute(List.of(request)).getFirst());
    }
    return List.copyOf(results);
  }

  @Override
  public List<NetlinkMessage> ask(NetlinkRequest request) {
    return kernel.ask(request);
  }

  @Override
  public List<NetlinkMessage> dump(NetlinkRequest request) {
    Optional<KernelException> refusal = refusal(request);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return kernel.dump(request);
  }

  @Override
  public void close() {
    kernel.close();
  }
}
