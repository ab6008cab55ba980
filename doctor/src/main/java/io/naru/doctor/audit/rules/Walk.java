package io.naru.doctor.audit.rules;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.rules.Match.Truth;
import io.naru.doctor.audit.rules.Ruleset.Action;
import io.naru.doctor.audit.rules.Ruleset.Chain;
import io.naru.doctor.audit.rules.Ruleset.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes a packet through a ruleset, as the kernel would. */
public final class Walk {
  private static final int DEEPEST =
      16; // Linux, include/uapi/linux/netfilter/nf_tables.h: NFT_JUMP_STACK_SIZE
  private static final int MOST_STEPS = 1_000_000;
  private static final Set<String> INBOUND = Set.of("ingress", "prerouting", "input");
  private static final Set<String> OUTBOUND = Set.of("output", "postrouting", "egress");

  private final Ruleset ruleset;
  private final Question question;
  private final List<Rule> perhapsAccepted = new ArrayList<>();
  private final List<Rule> perhapsDropped = new ArrayList<>();
  private int steps;

  private enum Fate {
    ACCEPTED,
    DROPPED,
    /** No rule decided. */
    OPEN
  }

  private Optional<Rule> decisive = Optional.empty();

  private Walk(Ruleset ruleset, Question question) {
    this.ruleset = ruleset;
    this.question = question;
  }

  /**
   * What became of the packet.
   *
   * @param passes whether nothing drops it for certain
   * @param chain the hooked chain in which it is dropped
   * @param rule the rule that drops it; absent where that chain's policy does
   * @param unless rules that accept it before, under conditions that the file does not tell
   * @param perhaps rules that drop it under such conditions
   */
  public record Outcome(
      boolean passes,
      Optional<Chain> chain,
      Optional<Rule> rule,
      List<Rule> unless,
      List<Rule> perhaps) {
    public Outcome {
      unless = List.copyOf(unless);
      perhaps = List.copyOf(perhaps);
    }
  }

  /** Asks. */
  public static Outcome of(Ruleset ruleset, Question question) {
    Set<String> hooks = question.inbound() ? INBOUND : OUTBOUND;
    String family = question.family().bits() == 32 ? "ip" : "ip6";
    List<Chain> bases =
        ruleset.chains().stream()
            .filter(chain -> chain.hook().filter(hooks::contains).isPresent())
            .filter(chain -> chain.family().equals("inet") || chain.family().equals(family))
            .sorted(Comparator.comparingInt(Chain::priority))
            .toList();
    List<Rule> perhaps = new ArrayList<>();
    for (Chain base : bases) {
      Walk walk = new Walk(ruleset, question);
      Fate fate = walk.through(base, 0);
      perhaps.addAll(walk.perhapsDropped);
      if (fate == Fate.DROPPED || (fate == Fate.OPEN && base.drops())) {
        return new Outcome(
            false, Optional.of(base), walk.decisive, walk.perhapsAccepted, List.of());
      }
    }
    return new Outcome(true, Optional.empty(), Optional.empty(), List.of(), perhaps);
  }

  private Fate through(Chain chain, int depth) {
    for (Rule rule : chain.rules()) {
      if (++steps > MOST_STEPS) {
        throw new NaruException(
            ErrorCode.BAD_INPUT, ruleset.file() + " has chains that jump to each other too often");
      }
      Truth holds = truth(rule);
      if (holds == Truth.NO) {
        continue;
      }
      switch (rule.action()) {
        case Action.Accept _ -> {
          if (holds == Truth.YES) {
            return Fate.ACCEPTED;
          }
          perhapsAccepted.add(rule);
        }
        case Action.Drop _ -> {
          if (holds == Truth.YES) {
            decisive = Optional.of(rule);
            return Fate.DROPPED;
          }
          perhapsDropped.add(rule);
        }
        case Action.Return _ -> {
          if (holds == Truth.YES) {
            return Fate.OPEN;
          }
        }
        case Action.Jump jump -> {
          Optional<Chain> next = ruleset.chain(chain, jump.chain());
          if (next.isPresent() && depth < DEEPEST) {
            Fate fate = through(next.get(), depth + 1);
            if (holds == Truth.YES && (fate != Fate.OPEN || !jump.comesBack())) {
              return fate;
            }
            if (holds == Truth.MAYBE) {
              decisive = Optional.empty();
              if (fate == Fate.ACCEPTED) {
                perhapsAccepted.add(rule);
              } else if (fate == Fate.DROPPED) {
                perhapsDropped.add(rule);
              }
            }
          }
        }
        case Action.GoOn _ -> {}
      }
    }
    return Fate.OPEN;
  }

  private Truth truth(Rule rule) {
    return new Match.All(rule.matches()).holds(question);
  }
}
