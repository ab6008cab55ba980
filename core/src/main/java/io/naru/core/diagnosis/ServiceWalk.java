package io.naru.core.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * The way from a service to those who serve it: its frontends, the backends of each, and how each
 * was reached.
 *
 * @param name {@code NAMESPACE/NAME}
 * @param conclusion whose trouble it is, in a sentence or two
 */
public record ServiceWalk(String name, String conclusion, List<Frontend> frontends) {
  public ServiceWalk {
    frontends = List.copyOf(frontends);
  }

  /**
   * One of its addresses with one of its ports.
   *
   * @param address empty for a headless service
   * @param port empty for a headless service without ports
   * @param protocol {@code tcp} or {@code udp}
   */
  public record Frontend(
      Optional<String> address,
      Optional<Integer> port,
      Optional<String> protocol,
      List<Target> backends) {
    public Frontend {
      backends = List.copyOf(backends);
    }
  }

  /**
   * A backend of a frontend.
   *
   * @param port where it serves
   * @param node the node that has its address, if any does
   * @param state {@code ready}, {@code terminating} or {@code not-ready}
   * @param ways from each who asked
   */
  public record Target(
      String address, Optional<Integer> port, Optional<String> node, String state, List<Way> ways) {
    public Target {
      ways = List.copyOf(ways);
    }
  }

  /**
   * How a backend's port was reached.
   *
   * @param from the pod or node that asked
   * @param result a {@link Result}'s text
   * @param lastSeen the farthest tap that saw what is lost
   * @param notSeen the next one, which did not
   */
  public record Way(
      String from, String result, Optional<String> lastSeen, Optional<String> notSeen) {}

  /** What became of the probes of a backend's port. */
  public enum Result {
    /** Somebody there answered. */
    ANSWERS("answers", true),
    /** Datagrams arrive and nobody refuses them; whether they are answered is not known. */
    TAKEN("taken", true),
    /** The backend itself refused them: nobody listens. */
    REFUSED("refused", false),
    /** They arrive, and nothing comes back. */
    SILENT("silent", false),
    /** They, or what came back, were lost on the way. */
    LOST("lost", false),
    /** Nobody could ask, or there were too many to ask. */
    NOT_TRIED("not-tried", false);

    private final String text;
    private final boolean well;

    Result(String text, boolean well) {
      this.text = text;
      this.well = well;
    }

    /** Whether there is nothing to find fault with. */
    public boolean isWell() {
      return well;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
