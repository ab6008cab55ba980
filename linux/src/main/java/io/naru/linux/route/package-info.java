/** The kernel's links, addresses, routes, neighbours, forwarding entries and rules as values. */
@NullMarked
package io.naru.linux.route;

import org.jspecify.annotations.NullMarked;
