package io.naru.cli.command;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.Network;
import io.naru.doctor.compare.ComparisonOptions;
import io.naru.doctor.files.FilesOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What people may tell of files from nodes: options that several commands share. */
final class FilesOption {
  @Option(
      names = "--vxlan-port",
      paramLabel = "N",
      description = "A UDP port that carries VXLAN, beside 8472 and 4789.")
  List<Integer> vxlanPorts = new ArrayList<>();

  @Option(
      names = "--address",
      paramLabel = "NODE=ADDRESS",
      description = "A node's address between the nodes; the captures tell it mostly.")
  List<String> addresses = new ArrayList<>();

  @Option(
      names = "--pod-cidr",
      paramLabel = "NODE=PREFIX",
      description = "A node's block of pod addresses, for packets outside any tunnel.")
  List<String> podCidrs = new ArrayList<>();

  /** The options of an examination. */
  FilesOptions options(CommandSpec spec, Optional<Network> network, List<String> groups) {
    for (int port : vxlanPorts) {
      if (port < 1 || port > 65535) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--vxlan-port must be from 1 to 65535, not " + port);
      }
    }
    return new FilesOptions(
        network,
        groups,
        FilesOptions.vxlanPorts(vxlanPorts),
        new ComparisonOptions(
            pairs(spec, "--address", addresses, IpAddress::parse),
            pairs(spec, "--pod-cidr", podCidrs, Prefix::parse)));
  }

  private static <T> Map<String, Set<T>> pairs(
      CommandSpec spec, String option, List<String> texts, Function<String, T> parse) {
    Map<String, Set<T>> pairs = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), option + " wants NODE=VALUE, not '" + text + "'");
      }
      try {
        pairs
            .computeIfAbsent(text.substring(0, equals), _ -> new HashSet<>())
            .add(parse.apply(text.substring(equals + 1)));
      } catch (NaruException e) {
        throw new CommandLine.ParameterException(spec.commandLine(), e.sentence(), e);
      }
    }
    return pairs;
  }
}
