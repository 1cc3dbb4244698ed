// Adds a field that filters the rows of each long table.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("article table")) {
    const rows = [...table.querySelectorAll("tbody tr")]
    if (rows.length < 20) continue
    const texts = rows.map((row) => row.textContent.toLowerCase())
    const field = document.createElement("input")
    field.type = "search"
    field.className = "table-filter"
    field.placeholder = `Filter ${rows.length} rows`
    field.setAttribute("aria-label", field.placeholder)
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/)
      rows.forEach((row, index) => { row.hidden = !words.every((word) => texts[index].includes(word)) })
    })
    // The theme puts wide tables into a box that scrolls.
    const box = table.closest(".md-typeset__scrollwrap") ?? table
    box.before(field)
  }
})
