package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import java.util.Optional;

/**
 * One of several ways of a multipath route.
 *
 * @param gateway the next router; empty when the destination is on the link
 * @param outputLink the link
 * @param onlink whether the gateway is taken to be on the link whatever its address
 * @param weight share, from 1 to 256
 */
public record NextHop(Optional<IpAddress> gateway, int outputLink, boolean onlink, int weight) {}
