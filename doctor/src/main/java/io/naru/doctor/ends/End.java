package io.naru.doctor.ends;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node as people name it to the doctor. */
public sealed interface End {
  /** This host, or the network namespace that the program was started in. */
  record Here() implements End {
    @Override
    public String toString() {
      return "here";
    }
  }

  /** A network namespace that {@code ip netns} knows. */
  record Namespace(String name) implements End {
    @Override
    public String toString() {
      return "netns:" + name;
    }
  }

  /** A host that ssh reaches, with naru on it. */
  record Ssh(String destination) implements End {
    @Override
    public String toString() {
      return "ssh:" + destination;
    }
  }

  /** A pod with the host's network, and naru in it. */
  record Pod(String namespace, String name) implements End {
    @Override
    public String toString() {
      return "kubectl:" + namespace + "/" + name;
    }
  }

  /** A file that {@code naru collect} wrote. */
  record Collected(Path file) implements End {
    @Override
    public String toString() {
      return file.toString();
    }
  }

  /** No word of it can be taken for an option, or for more than one word by a shell. */
  Pattern SSH =
      Pattern.compile(
          "(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9_\\[][A-Za-z0-9_.:%\\[\\]-]{0,252}");

  /** RFC 1123, section 2.1, as Kubernetes has it. */
  Pattern KUBERNETES = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?");

  Pattern NETNS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}");

  /**
   * The node of that name.
   *
   * @throws NaruException BAD_INPUT if it is none, NOT_FOUND if it would be a file that is not
   *     there
   */
  static End parse(String text) {
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    return switch (colon < 0 ? text : text.substring(0, colon)) {
      case "here" -> new Here();
      case "netns" -> new Namespace(require(NETNS, rest, text));
      case "ssh" -> new Ssh(require(SSH, rest, text));
      case "kubectl" -> {
        int slash = rest.indexOf('/');
        if (slash < 0) {
          throw refused(text);
        }
        yield new Pod(
            require(KUBERNETES, rest.substring(0, slash), text),
            require(KUBERNETES, rest.substring(slash + 1), text));
      }
      default -> new Collected(file(text));
    };
  }

  private static String require(Pattern pattern, String word, String text) {
    Matcher matcher = pattern.matcher(word);
    if (!matcher.matches()) {
      throw refused(text);
    }
    return word;
  }

  private static NaruException refused(String text) {
    return new NaruException(
        ErrorCode.BAD_INPUT,
        "'"
            + text.replaceAll("\\p{Cntrl}", "?")
            + "' names no node; a node is here, netns:NAME, ssh:[USER@]HOST,"
            + " kubectl:NAMESPACE/POD, or a file that naru collect wrote");
  }

  private static Path file(String text) {
    try {
      Path file = Path.of(text);
      if (Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException noPath) {
      throw refused(text);
    }
    throw new NaruException(
        ErrorCode.NOT_FOUND,
        "there is no file '"
            + text.replaceAll("\\p{Cntrl}", "?")
            + "'; a node is here, netns:NAME, ssh:[USER@]HOST, kubectl:NAMESPACE/POD, or a file"
            + " that naru collect wrote");
  }
}
