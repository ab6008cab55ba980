package io.naru.agent.channel;

import java.util.List;

/**
 * A pod of the sender's that answers, for the other end to try.
 *
 * @param name as lists show it
 * @param addresses its own
 */
public record PodWord(String name, List<String> addresses) {
  public PodWord {
    addresses = List.copyOf(addresses);
  }
}
