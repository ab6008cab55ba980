/** What passes an interface while somebody looks: ICMP errors, headers of a tunnel. */
@NullMarked
package io.naru.observe.tap;

import org.jspecify.annotations.NullMarked;
