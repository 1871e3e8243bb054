# npm ci && npm run bundle && docker build -t bedrock-monitor:0.1.0 .
# Any base will do that has Node.js 24 or newer on its PATH.
ARG BASE=node:24-bookworm-slim
FROM ${BASE}
COPY dist/bedrock-monitor.js /app/bedrock-monitor.js
WORKDIR /app
ENV NODE_ENV=production
# Nobody in particular: no shell account, no home, and the number that Pod Security can check.
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["node", "/app/bedrock-monitor.js"]
