package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The text of a pod's resolv.conf(5), of the {@code dns} of a CNI result. */
final class ResolverFile {
  private ResolverFile() {}

  /**
   * @param dns CNI specification 1.0.0, section 5, "Success"
   * @throws NaruException UNAVAILABLE if it names no server; MALFORMED if a word cannot stand in
   *     the file
   */
  static String of(String pod, JsonNode dns) {
    List<String> servers = words(pod, dns.path("nameservers"));
    if (servers.isEmpty()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "the network hands pod '"
              + pod
              + "' no name servers, for it was set up with dns: false; run the pod without --dns,"
              + " or make the lab with dns: true");
    }
    List<String> lines = new ArrayList<>();
    servers.forEach(server -> lines.add("nameserver " + server));
    List<String> search = words(pod, dns.path("search"));
    if (!search.isEmpty()) {
      lines.add("search " + String.join(" ", search));
    }
    List<String> options = words(pod, dns.path("options"));
    if (!options.isEmpty()) {
      lines.add("options " + String.join(" ", options));
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> words(String pod, JsonNode list) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : list) {
      String text = word.asString("");
      if (!text.matches("[!-~]+")) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            "the CNI plugin's dns for pod '" + pod + "' has a word that is none: " + word);
      }
      words.add(text);
    }
    return words;
  }
}
