package io.naru.core.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that iptables wrote into nftables, as iptables(8) says it. Only what can be said for
 * certain: a command that deletes another rule would be worse than none.
 */
final class IptablesForm {
  private record Form(Pattern nft, String iptables) {}

  private static final String VALUE = "\"?([0-9A-Za-z_.:/+-]+)\"? ?";

  private static final List<Form> FORMS =
      List.of(
          new Form(Pattern.compile("iifname " + VALUE), "-i %s"),
          new Form(Pattern.compile("oifname " + VALUE), "-o %s"),
          new Form(Pattern.compile("ip6? saddr " + VALUE), "-s %s"),
          new Form(Pattern.compile("ip6? daddr " + VALUE), "-d %s"),
          new Form(Pattern.compile("meta l4proto " + VALUE), "-p %s"),
          new Form(Pattern.compile("ip protocol " + VALUE), "-p %s"),
          new Form(Pattern.compile("ct state ([a-z,]+) "), "-m conntrack --ctstate %s"),
          new Form(Pattern.compile("comment \"([^\"'$`\\\\]+)\" ?"), "-m comment --comment \"%s\""),
          new Form(Pattern.compile("counter "), ""),
          new Form(Pattern.compile("drop ?"), "-j DROP"));

  private static final Pattern PORT =
      Pattern.compile("(udp|tcp) (sport|dport) ([0-9]+(?:-[0-9]+)?) ");

  private static final int LONGEST = 500;

  /** One of an option of one letter, a long one, a {@code !} that turns it round, or a value. */
  private static final String WORD =
      "(?:-[sdiopmjgf46]|--(?!mod)[a-z][a-z0-9-]*|!|[0-9A-Za-z_/:][0-9A-Za-z_.:/,+=@-]*)";

  private static final Pattern LEGACY = Pattern.compile(WORD + "(?: " + WORD + ")*+");

  private IptablesForm() {}

  /** Without command and chain; empty where it has parts that are not known here. */
  static Optional<String> of(String rule) {
    List<String> words = new ArrayList<>();
    String rest = rule.replaceAll(" +", " ");
    String protocol = "";
    while (!rest.isEmpty()) {
      Matcher port = PORT.matcher(rest);
      if (port.lookingAt()) {
        if (!protocol.equals(port.group(1))) {
          protocol = port.group(1);
          words.add("-p " + protocol);
        }
        words.add("--" + port.group(2) + " " + port.group(3).replace('-', ':'));
        rest = rest.substring(port.end());
        continue;
      }
      Optional<Matcher> known = Optional.empty();
      for (Form form : FORMS) {
        Matcher matcher = form.nft().matcher(rest);
        if (matcher.lookingAt()) {
          String word = matcher.groupCount() > 0 ? matcher.group(1) : "";
          if (form.iptables().startsWith("-p")) {
            protocol = word;
          }
          String said =
              form.iptables().formatted(form.iptables().contains("ctstate") ? upper(word) : word);
          if (!said.isEmpty()) {
            words.add(said);
          }
          known = Optional.of(matcher);
          break;
        }
      }
      if (known.isEmpty()) {
        return Optional.empty();
      }
      rest = rest.substring(known.get().end());
    }
    return Optional.of(String.join(" ", words));
  }

  /**
   * A rule as iptables-legacy itself printed it, where it is safe to type: the rule may come from
   * another host's file. Empty where a word means something to a shell, or where an option is none
   * of a match or target: iptables would run a program that is named to it by {@code --modprobe}.
   */
  static Optional<String> legacy(String rule) {
    return rule.length() <= LONGEST && LEGACY.matcher(rule).matches()
        ? Optional.of(rule)
        : Optional.empty();
  }

  private static String upper(String word) {
    return word.toUpperCase(java.util.Locale.ROOT);
  }
}
