/** Tests of the services' table, in kernels of namespaces. */
@NullMarked
package io.naru.agent.service;

import org.jspecify.annotations.NullMarked;
