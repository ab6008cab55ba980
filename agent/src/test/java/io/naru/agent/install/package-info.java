/** What an installation writes, keeps and takes away again. */
@org.jspecify.annotations.NullMarked
package io.naru.agent.install;
