package io.naru.core.diagnosis;

/** The line for EC2 that opens one port to one address and nothing else. */
public final class SecurityGroupCommand {
  private SecurityGroupCommand() {}

  /**
   * The line.
   *
   * @param node whose group it is
   * @param protocol {@code udp} or {@code tcp}
   * @param from the address that packets come from; the short options know no IPv6
   */
  public static String letIn(String node, String protocol, int port, String from) {
    String head = "aws ec2 authorize-security-group-ingress --group-id <group of " + node + ">";
    return from.contains(":")
        ? head
            + " --ip-permissions 'IpProtocol="
            + protocol
            + ",FromPort="
            + port
            + ",ToPort="
            + port
            + ",Ipv6Ranges=[{CidrIpv6="
            + from
            + "/128}]'"
        : head + " --protocol " + protocol + " --port " + port + " --cidr " + from + "/32";
  }
}
