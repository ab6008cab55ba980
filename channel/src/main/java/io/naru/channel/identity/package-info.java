/** Who is who in a cluster: its certificate authority, its nodes' keys, and tokens to join it. */
@NullMarked
package io.naru.channel.identity;

import org.jspecify.annotations.NullMarked;
