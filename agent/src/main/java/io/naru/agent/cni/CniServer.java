package io.naru.agent.cni;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.core.service.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers CNI requests: one reply each, whatever happens. */
public final class CniServer {
  private static final Logger LOG = LoggerFactory.getLogger(CniServer.class);

  private final AttachmentService service;

  public CniServer(AttachmentService service) {
    this.service = service;
  }

  /** Never throws: a failure is an error object for the runtime, and a line in the log. */
  public CniReply handle(CniRequest request) {
    try {
      return answer(request);
    } catch (NaruException e) {
      LOG.warn(
          "CNI {} of {}/{} failed: {}",
          request.command(),
          request.containerId(),
          request.interfaceName(),
          e.sentence());
      return CniOutput.error(CniConfiguration.versionForErrors(request.configuration()), e);
    } catch (RuntimeException e) {
      LOG.error(
          "CNI {} of {}/{} failed",
          request.command(),
          request.containerId(),
          request.interfaceName(),
          e);
      return CniOutput.error(
          CniConfiguration.versionForErrors(request.configuration()),
          new NaruException(ErrorCode.INTERNAL, "a mistake in the agent, see its log: " + e, e));
    }
  }

  private CniReply answer(CniRequest request) {
    CniCommand command = request.parsedCommand();
    if (command == CniCommand.VERSION) {
      return CniReply.success(
          CniOutput.versions(CniConfiguration.versionForErrors(request.configuration())));
    }
    CniConfiguration configuration = CniConfiguration.parse(request.configuration());
    return switch (command) {
      case ADD -> add(request, configuration);
      case DEL -> {
        service.delete(request.key());
        yield CniReply.success("");
      }
      case CHECK -> check(request, configuration);
      case GC -> collect(configuration);
      case STATUS -> status(configuration);
      case VERSION -> throw new NaruException(ErrorCode.INTERNAL, "VERSION was answered before");
    };
  }

  private CniReply add(CniRequest request, CniConfiguration configuration) {
    Map<String, String> arguments = request.parsedArguments();
    RuntimeWishes wishes = RuntimeWishes.of(configuration.members(), arguments);
    Optional<PreviousResult> previous = configuration.previousResult();
    ObjectNode asked = ResolverSettings.of(configuration.members(), previous);
    PodAttachment attachment =
        service.add(
            new AttachmentWish(
                request.key(),
                configuration.name(),
                request.requiredNetns(),
                arguments,
                wishes.addresses(),
                wishes.mac()));
    String namespace = arguments.getOrDefault("K8S_POD_NAMESPACE", ServiceName.DEFAULT_NAMESPACE);
    ObjectNode dns = asked.isEmpty() ? ResolverSettings.own(service.names(), namespace) : asked;
    return CniReply.success(CniOutput.result(configuration.version(), attachment, dns, previous));
  }

  private CniReply check(CniRequest request, CniConfiguration configuration) {
    require(CniCommand.CHECK, configuration, CniVersion.V0_4_0);
    PreviousResult previous =
        configuration
            .previousResult()
            .orElseThrow(
                () ->
                    new CniException(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "CHECK needs \"prevResult\", the result of ADD; the runtime must keep it"));
    List<String> differences =
        service.check(
            request.key(),
            request.requiredNetns(),
            previous.expectation(request.key().interfaceName()));
    if (!differences.isEmpty()) {
      throw new CniException(
          CniErrorCode.ATTACHMENT_DIFFERS,
          request.key() + " is not as ADD left it: " + String.join("; ", differences));
    }
    return CniReply.success("");
  }

  private CniReply collect(CniConfiguration configuration) {
    require(CniCommand.GC, configuration, CniVersion.V1_1_0);
    service.collect(configuration.name(), ValidAttachments.of(configuration.members()));
    return CniReply.success("");
  }

  private CniReply status(CniConfiguration configuration) {
    require(CniCommand.STATUS, configuration, CniVersion.V1_1_0);
    try {
      service.status();
    } catch (CniException limited) {
      throw limited;
    } catch (NaruException e) {
      throw new CniException(CniErrorCode.NOT_AVAILABLE, e.sentence());
    }
    return CniReply.success("");
  }

  private static void require(
      CniCommand command, CniConfiguration configuration, CniVersion since) {
    if (!configuration.version().atLeast(since)) {
      throw new CniException(
          CniErrorCode.INCOMPATIBLE_VERSION,
          command
              + " is known since version "
              + since
              + ", and the configuration's \"cniVersion\" is "
              + configuration.version());
    }
  }
}
