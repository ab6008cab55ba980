package io.naru.doctor.files;

import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.text.Printable;
import io.naru.doctor.archive.TarReader;
import io.naru.doctor.audit.SecurityGroupParser;
import io.naru.doctor.audit.rules.IptablesParser;
import io.naru.doctor.audit.rules.NftParser;
import io.naru.doctor.capture.CaptureReader;
import io.naru.doctor.compare.CaptureSummary;
import io.naru.doctor.compare.CaptureSummaryReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Finds out what a file is by its content, and reads it. */
final class FileSource {
  /** So much of a file tells what it is. */
  private static final int BEGINNING = 4096;

  private static final int LONGEST_TEXT = 32 << 20;

  /** What a file may be wrapped in; each once, or a small file never ends. */
  private enum Wrapping {
    /** gzip, and a tar archive within. */
    ANY,
    /** A tar archive. */
    ARCHIVE,
    NONE
  }

  private final Set<Integer> vxlanPorts;
  private final GatheredFiles gathered = new GatheredFiles();

  FileSource(Set<Integer> vxlanPorts) {
    this.vxlanPorts = vxlanPorts;
  }

  GatheredFiles gathered() {
    return gathered;
  }

  void add(Path file) {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      stream.mark(BEGINNING);
      boolean capture = CaptureReader.isCapture(stream.readNBytes(8));
      stream.reset();
      List<CaptureSummary> ends = capture ? BothEnds.read(file, vxlanPorts) : List.of();
      if (!ends.isEmpty()) {
        gathered.captures.addAll(ends);
        return;
      }
      if (!add(
          stream,
          Printable.line(file.toString()),
          nodeName(Printable.line(file.getFileName().toString())),
          Wrapping.ANY)) {
        throw new NaruException(
            ErrorCode.BAD_INPUT,
            file
                + " is nothing that is read here: a capture (pcap, pcapng), the JSON of aws ec2"
                + " describe-security-groups, the text of iptables-save, the JSON of nft -j list"
                + " ruleset, or a tar archive of those");
      }
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The node's name by its file's: {@code node1} of {@code node1.pcap.gz}. */
  static String nodeName(String file) {
    String own = file.substring(file.lastIndexOf('/') + 1);
    String stem =
        own.replaceAll("(?i)\\.(gz|tgz|tar|pcap|pcapng|cap|json|txt|rules|v4|v6)(?=\\.|$)", "");
    return stem.isEmpty() ? own : stem;
  }

  private static boolean isGzip(byte[] beginning) {
    return beginning.length > 2 && beginning[0] == 0x1f && (beginning[1] & 0xff) == 0x8b;
  }

  /** Whether it was something. */
  private boolean add(InputStream stream, String name, String node, Wrapping wrapping)
      throws IOException {
    stream.mark(BEGINNING);
    byte[] beginning = stream.readNBytes(BEGINNING);
    stream.reset();
    if (beginning.length == 0) {
      throw new NaruException(ErrorCode.BAD_INPUT, name + " is empty");
    }
    if (CaptureReader.isCapture(beginning)) {
      gathered.captures.add(
          CaptureSummaryReader.read(CaptureReader.read(stream, name), node, vxlanPorts));
      return true;
    }
    if (wrapping == Wrapping.ANY && isGzip(beginning)) {
      InputStream content = new BufferedInputStream(new GZIPInputStream(stream), 1 << 16);
      return add(content, name, node, Wrapping.ARCHIVE);
    }
    if (wrapping == Wrapping.ARCHIVE && isGzip(beginning)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          name + " is compressed by gzip more than once; decompress it by gunzip, and give that");
    }
    if (wrapping != Wrapping.NONE
        && TarReader.isHeader(Arrays.copyOf(beginning, Math.min(512, beginning.length)))) {
      archive(stream, name, node);
      return true;
    }
    return text(stream, beginning, name, node);
  }

  private void archive(InputStream stream, String name, String node) throws IOException {
    TarReader tar = new TarReader(stream, name);
    for (Optional<TarReader.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
      TarReader.Entry entry = next.get();
      String full = name + ":" + Printable.line(entry.name());
      InputStream content = new BufferedInputStream(entry.content(), 1 << 14);
      if (!add(content, full, node, Wrapping.NONE)) {
        gathered.ignored.add(full + " is nothing that is read here");
      }
    }
  }

  private boolean text(InputStream stream, byte[] beginning, String name, String node)
      throws IOException {
    String start = new String(beginning, StandardCharsets.UTF_8).stripLeading();
    if (start.startsWith("{")) {
      return json(all(stream, name), name, node);
    }
    if (NftParser.isPlain(start)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          name + " is a ruleset as text; its JSON is read here: nft -j list ruleset > FILE");
    }
    if (IptablesParser.isSaved(start)) {
      gathered.rules.add(
          new GatheredFiles.HostRules(node, IptablesParser.parse(all(stream, name), name)));
      return true;
    }
    return false;
  }

  private boolean json(String text, String name, String node) {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(text);
    } catch (JacksonException e) {
      throw new NaruException(
          ErrorCode.MALFORMED, name + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (tree.has("SecurityGroups")) {
      gathered.groups.add(new GatheredFiles.Groups(name, SecurityGroupParser.parse(text, name)));
      return true;
    }
    if (tree.has("nftables")) {
      gathered.rules.add(new GatheredFiles.HostRules(node, NftParser.parse(text, name)));
      return true;
    }
    return false;
  }

  private static String all(InputStream stream, String name) throws IOException {
    byte[] bytes = stream.readNBytes(LONGEST_TEXT + 1);
    if (bytes.length > LONGEST_TEXT) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          name + " is longer than the " + (LONGEST_TEXT >> 20) + " MiB read here");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
