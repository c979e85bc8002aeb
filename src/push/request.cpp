#include "push/request.h"

#include <algorithm>
#include <utility>

#include "http/url.h"
#include "service/service_file.h"

namespace trama {

std::string with_key(std::string url, std::string_view key) {
  const std::string escaped = percent_encoded(key);
  for (std::size_t at = url.find(kKey); at != std::string::npos;
       at = url.find(kKey, at + escaped.size()))
    url.replace(at, kKey.size(), escaped);
  return url;
}

HttpRequest request_for(const PushTarget& target, PushKind kind, std::string_view key,
                        std::string body, const std::string& sent_key) {
  const PushOperation& operation = *target.operation(kind);
  HttpRequest request;
  request.method = operation.method;
  request.url = with_key(operation.url, key);
  request.headers = target.headers;
  if (operation.has_body) {
    const auto says_type = [](const HttpHeader& one) { return small(one.name) == "content-type"; };
    if (std::none_of(request.headers.begin(), request.headers.end(), says_type))
      request.headers.push_back({"Content-Type", "application/json"});
    request.body = std::move(body);
  }
  if (!target.key_header.empty()) request.headers.push_back({target.key_header, sent_key});
  return request;
}

}  // namespace trama
