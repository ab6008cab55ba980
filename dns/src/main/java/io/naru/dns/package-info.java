/**
 * The DNS server of a node: cluster names from the services it is handed, the rest from upstreams.
 */
@NullMarked
package io.naru.dns;

import org.jspecify.annotations.NullMarked;
