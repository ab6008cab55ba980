package io.naru.agent.cni;

/**
 * What the CNI program does with its request.
 *
 * @param exitCode of the program
 * @param output one line of JSON for its standard output, without the newline; may be empty
 */
public record CniReply(int exitCode, String output) {
  public static CniReply success(String output) {
    return new CniReply(0, output);
  }

  /** The two lines that the program reads from the agent's socket, newlines included. */
  public String toLines() {
    return "{\"exitCode\":" + exitCode + "}\n" + output + "\n";
  }
}
