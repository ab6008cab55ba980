package io.naru.agent.install;

import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What an installation put on this host.
 *
 * @param files the SHA-256 of each file by its path, in hexadecimal digits; more than one where a
 *     replacement may have been cut short
 * @param directories that were made for them
 */
record InstallationRecord(Map<String, List<String>> files, Set<String> directories) {
  static final InstallationRecord NOTHING = new InstallationRecord(Map.of(), Set.of());

  InstallationRecord {
    files = Map.copyOf(files);
    directories = Set.copyOf(directories);
  }

  static InstallationRecord read(Path file) {
    return PrivateFile.read(file).map(InstallationRecord::parse).orElse(NOTHING);
  }

  private static InstallationRecord parse(String text) {
    JsonNode tree = Json.read(text, JsonNode.class);
    Map<String, List<String>> files = new TreeMap<>();
    tree.path("files")
        .properties()
        .forEach(entry -> files.put(entry.getKey(), strings(entry.getValue())));
    return new InstallationRecord(files, Set.copyOf(strings(tree.path("directories"))));
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(value -> value.asString("")).distinct().toList();
  }

  void write(Path file) {
    PrivateFile.write(
        file,
        Json.write(
            Map.of("files", new TreeMap<>(files), "directories", new TreeSet<>(directories))));
  }

  boolean knows(String path, String digest) {
    return files.getOrDefault(path, List.of()).contains(digest);
  }

  /** With one more content that the file may have. */
  InstallationRecord with(String path, String digest) {
    List<String> digests = new ArrayList<>(files.getOrDefault(path, List.of()));
    digests.remove(digest);
    digests.addFirst(digest);
    return set(path, digests);
  }

  /** With this content of the file and no other. */
  InstallationRecord only(String path, String digest) {
    return set(path, List.of(digest));
  }

  private InstallationRecord set(String path, List<String> digests) {
    Map<String, List<String>> all = new TreeMap<>(files);
    all.put(path, digests);
    return new InstallationRecord(all, directories);
  }

  InstallationRecord withDirectory(String path) {
    Set<String> all = new TreeSet<>(directories);
    all.add(path);
    return new InstallationRecord(files, all);
  }
}
