package io.naru.doctor.audit.rules;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Set;

/** A condition of a rule. */
public sealed interface Match {
  /** Whether a condition holds for a packet of which not everything is known. */
  enum Truth {
    YES,
    NO,
    MAYBE;

    Truth not() {
      return switch (this) {
        case YES -> NO;
        case NO -> YES;
        case MAYBE -> MAYBE;
      };
    }
  }

  /** Numbers from one to another, both inclusive. */
  record Range(int from, int to) {
    boolean contains(int number) {
      return from <= number && number <= to;
    }
  }

  Truth holds(Question question);

  /** The protocol of the transport. */
  record Protocol(List<Range> numbers) implements Match {
    @Override
    public Truth holds(Question question) {
      return truth(numbers.stream().anyMatch(range -> range.contains(question.protocol())));
    }
  }

  record Family(IpFamily family) implements Match {
    @Override
    public Truth holds(Question question) {
      return truth(family == question.family());
    }
  }

  record DestinationPort(List<Range> ports) implements Match {
    @Override
    public Truth holds(Question question) {
      return truth(
          question.port() > 0 && ports.stream().anyMatch(range -> range.contains(question.port())));
    }
  }

  /** Source ports of tunnels are any; source ports of connections too. */
  record SourcePort(List<Range> ports) implements Match {
    @Override
    public Truth holds(Question question) {
      boolean all = ports.stream().anyMatch(range -> range.from() <= 1 && range.to() == 65535);
      return all ? Truth.YES : Truth.MAYBE;
    }
  }

  record Address(boolean source, List<Prefix> blocks) implements Match {
    @Override
    public Truth holds(Question question) {
      List<Prefix> sameFamily =
          blocks.stream().filter(block -> block.family() == question.family()).toList();
      if (sameFamily.isEmpty()) {
        return Truth.NO;
      }
      if (sameFamily.stream().anyMatch(block -> block.length() == 0)) {
        return Truth.YES;
      }
      if (sameFamily.stream()
          .allMatch(block -> block.address().isLoopback() || block.address().isMulticast())) {
        return Truth.NO;
      }
      boolean peers = source == question.inbound();
      if (!peers || question.peer().isEmpty()) {
        return Truth.MAYBE;
      }
      return truth(sameFamily.stream().anyMatch(block -> block.contains(question.peer().get())));
    }
  }

  /** An interface by name; a star at the end stands for anything. */
  record Interface(Set<String> names) implements Match {
    /** What packets between nodes do not pass: loopback, tunnels, bridges, ends of pods. */
    private static final List<String> NOT_THE_NIC =
        List.of(
            "lo", "cni", "flannel", "cali", "cilium", "lxc", "veth", "docker", "br-", "virbr",
            "vxlan", "naru", "tunl", "weave", "podman");

    @Override
    public Truth holds(Question question) {
      if (names.contains("*") || names.contains("+")) {
        return Truth.YES;
      }
      boolean none =
          names.stream()
              .allMatch(
                  name ->
                      name.equals("lo")
                          || NOT_THE_NIC.stream()
                              .filter(other -> !other.equals("lo"))
                              .anyMatch(name::startsWith));
      return none ? Truth.NO : Truth.MAYBE;
    }
  }

  /**
   * States of connection tracking. A tunnel's packets are new again and again: their ports vary.
   */
  record State(Set<String> states) implements Match {
    @Override
    public Truth holds(Question question) {
      return truth(states.contains("new") || states.contains("untracked"));
    }
  }

  /** Always true here, for example "the destination is this host". */
  record Always() implements Match {
    @Override
    public Truth holds(Question question) {
      return Truth.YES;
    }
  }

  /** Something that a file does not tell, or that is not understood here. */
  record Unclear() implements Match {
    @Override
    public Truth holds(Question question) {
      return Truth.MAYBE;
    }
  }

  /** Several that must hold together. */
  record All(List<Match> parts) implements Match {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public Truth holds(Question question) {
      Truth all = Truth.YES;
      for (Match part : parts) {
        Truth holds = part.holds(question);
        if (holds == Truth.NO) {
          return holds;
        }
        all = holds == Truth.MAYBE ? holds : all;
      }
      return all;
    }
  }

  record Not(Match inner) implements Match {
    @Override
    public Truth holds(Question question) {
      return inner.holds(question).not();
    }
  }

  private static Truth truth(boolean holds) {
    return holds ? Truth.YES : Truth.NO;
  }
}
