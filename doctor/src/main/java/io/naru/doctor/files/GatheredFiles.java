package io.naru.doctor.files;

import io.naru.doctor.audit.SecurityGroup;
import io.naru.doctor.audit.rules.Ruleset;
import io.naru.doctor.compare.CaptureSummary;
import java.util.ArrayList;
import java.util.List;

/** What the files hold, each read once. */
final class GatheredFiles {
  /** Security groups of one file. */
  record Groups(String file, List<SecurityGroup> groups) {}

  /** A host's packet filter; the node by the file's name. */
  record HostRules(String node, Ruleset ruleset) {}

  final List<CaptureSummary> captures = new ArrayList<>();
  final List<Groups> groups = new ArrayList<>();
  final List<HostRules> rules = new ArrayList<>();
  final List<String> ignored = new ArrayList<>();
}
