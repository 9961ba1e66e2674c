#include <iostream>
#include <string>

#include <flowdb/prometheus.hpp>

int main() {
  const auto text = flowdb::prometheus_text();
  std::cout << text;
  return text.find("flowdb_build_info{") != std::string::npos ? 0 : 1;
}
