package io.naru.doctor.audit;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The security groups whose members are nodes.
 *
 * @param assumed how they were chosen, where nobody said it
 */
record NodeGroups(List<SecurityGroup> groups, List<String> assumed) {
  /** Words by which people name what nodes are in. */
  private static final List<String> WORDS =
      List.of("node", "worker", "master", "control", "k8s", "k3s", "kube", "eks", "cluster");

  static NodeGroups of(List<SecurityGroup> all, List<String> said, String file) {
    if (all.isEmpty()) {
      throw new NaruException(ErrorCode.BAD_INPUT, file + " holds no security group");
    }
    if (!said.isEmpty()) {
      return new NodeGroups(said.stream().map(id -> find(all, id, file)).toList(), List.of());
    }
    List<SecurityGroup> named = all.stream().filter(NodeGroups::isNamedLikeNodes).toList();
    List<SecurityGroup> chosen = named.isEmpty() ? all : named;
    String ids = chosen.stream().map(SecurityGroup::label).collect(Collectors.joining(", "));
    return new NodeGroups(
        chosen,
        all.size() == 1
            ? List.of("all nodes are in " + ids)
            : List.of(
                "the groups of nodes are "
                    + ids
                    + (named.isEmpty() ? ", all of the file" : ", by their names")
                    + "; say it with --nodes"));
  }

  private static SecurityGroup find(List<SecurityGroup> all, String id, String file) {
    return all.stream()
        .filter(group -> group.id().equals(id) || group.name().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    file
                        + " holds no security group '"
                        + id
                        + "', but "
                        + all.stream()
                            .map(SecurityGroup::label)
                            .limit(20)
                            .collect(Collectors.joining(", "))));
  }

  private static boolean isNamedLikeNodes(SecurityGroup group) {
    String name = group.name().toLowerCase(Locale.ROOT);
    return Stream.of("elb", "alb", "nlb", "lb-", "balancer", "database", "rds")
            .noneMatch(name::contains)
        && WORDS.stream().anyMatch(name::contains);
  }
}
