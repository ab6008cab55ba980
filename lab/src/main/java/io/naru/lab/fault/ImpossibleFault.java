package io.naru.lab.fault;

import java.util.List;

/**
 * A fault that no lab can make, listed so that nobody thinks it forgotten.
 *
 * @param id as of any fault
 * @param title as of any fault
 * @param why what keeps a lab from it, in one sentence
 */
public record ImpossibleFault(String id, String title, String why) implements Fault {
  /** Two nodes with one block. */
  static ImpossibleFault podCidrDuplicate() {
    return new ImpossibleFault(
        "pod-cidr-duplicate",
        "two nodes lease the same pod CIDR",
        "A lab has one store, which leases a block once and refuses it to a second node, also to one"
            + " that runs no Naru.");
  }

  @Override
  public String description() {
    return why;
  }

  @Override
  public Place place() {
    return Place.NONE;
  }

  @Override
  public List<Expectation> expected() {
    return List.of();
  }
}
